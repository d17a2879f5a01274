import { signal } from "@preact/signals";
import { CrowdPanel } from "../crowd/panel.js";
import { Decisions } from "../decision/decisions.js";
import { Visitor } from "../decision/visitor.js";
import { StoryPanel } from "../story/panel.js";
import { Header } from "./header.js";
import { SnapshotPanel } from "./snapshot.js";
import { writeAddress } from "./state.js";

/** The playground. */
export function App() {
  return (
    <>
      <Header title="playground">
        <Share />
      </Header>
      <main>
        <div class="columns even">
          <SnapshotPanel />
          <div class="panel">
            <div class="bar">
              <h2>Decision</h2>
            </div>
            <Visitor />
            <Decisions />
          </div>
        </div>
        <CrowdPanel />
        <StoryPanel />
      </main>
    </>
  );
}

const said = signal("");

/** The address holds snapshot, visitor and flag; nothing is sent to any server. */
function Share() {
  const share = async () => {
    await writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      said.value = "Link copied.";
    } catch {
      said.value = "The link is in the address bar.";
    }
  };
  return (
    <>
      <span role="status" class="soft">
        {said.value}
      </span>
      <button type="button" onClick={() => void share()}>
        Copy link
      </button>
    </>
  );
}

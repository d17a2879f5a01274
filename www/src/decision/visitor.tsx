import { context, contextIsSound, contextText, loaded } from "../page/state.js";
import { shownValue, withAttribute } from "./context.js";

/** Attributes that the platform fills, and no context can set. */
const OF_THE_PLATFORM = "request.";

/** Who is decided about: a field for each attribute that the snapshot asks for, and the whole as JSON. */
export function Visitor() {
  const names = loaded.value?.engine.attributes ?? [];
  const fields = names.filter((name) => !name.startsWith(OF_THE_PLATFORM));
  return (
    <fieldset class="visitor">
      <legend>Visitor</legend>
      <div class="fields">
        {fields.map((name) => (
          <Field key={name} name={name} />
        ))}
      </div>
      <label class="whole">
        <span>Context, JSON</span>
        <textarea
          rows={2}
          spellcheck={false}
          value={contextText.value}
          aria-invalid={!contextIsSound.value}
          aria-describedby="context-hint"
          onInput={(event) => (contextText.value = event.currentTarget.value)}
        />
      </label>
      <p id="context-hint" class={contextIsSound.value ? "hint" : "hint wrong"}>
        {hint(names.length - fields.length)}
      </p>
    </fieldset>
  );
}

function Field({ name }: { name: string }) {
  return (
    <label>
      <span>{name}</span>
      <input
        value={shownValue(context.value[name])}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => (contextText.value = withAttribute(context.value, name, event.currentTarget.value))}
      />
    </label>
  );
}

function hint(ofThePlatform: number): string {
  if (!contextIsSound.value) return "This is no JSON object; decided is by the last one that was.";
  const others =
    ofThePlatform === 0 ? "" : " What begins with request. only an edge platform knows; here it is missing.";
  return `Fields take texts, numbers and lists; a number in quotes is a text.${others}`;
}

/** The specification's scenarios, asked of the SDKs over each provider: our own, and OFREP's over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { OpenFeature as WebOpenFeature } from "@openfeature/web-sdk";
import { createEngine as createFlagEngine } from "pointsman/flags";
import { createEngine } from "pointsman";
import { createOfrepHandler } from "pointsman/ofrep";
import { PointsmanProvider } from "pointsman/openfeature-server";
import { PointsmanProvider as PointsmanWebProvider } from "pointsman/openfeature-web";
import { serve } from "./ofrep-server.mjs";
import { detailsOf, nameOf, scenarios, snapshot, told } from "./openfeature-scenarios.mjs";

const engine = await createEngine({ snapshot, strict: true });
const { url: baseUrl, stop } = await serve(createOfrepHandler({ engine }));

after(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await stop();
});

const servers = {
  "pointsman/openfeature-server": new PointsmanProvider({ engine }),
  "pointsman/openfeature-server, flags build": new PointsmanProvider({ engine: await createFlagEngine({ snapshot }) }),
  "@openfeature/ofrep-provider": new OFREPProvider({ baseUrl }),
};

for (const [name, provider] of Object.entries(servers)) {
  await OpenFeature.setProviderAndWait(name, provider);
  const client = OpenFeature.getClient(name);
  for (const scenario of scenarios) {
    test(`${name}: ${nameOf(scenario)}`, async () => {
      const details = await detailsOf(client, scenario, scenario.context);
      assert.deepEqual(told(details, scenario.expected), scenario.expected);
    });
  }
}

const pages = {
  "pointsman/openfeature-web": new PointsmanWebProvider({ engine }),
  "pointsman/openfeature-web, flags build": new PointsmanWebProvider({ engine: await createFlagEngine({ snapshot }) }),
  "@openfeature/ofrep-web-provider": new OFREPWebProvider({ baseUrl, cacheMode: "disabled" }),
};

for (const [name, provider] of Object.entries(pages)) {
  await WebOpenFeature.setProviderAndWait(name, provider);
  const client = WebOpenFeature.getClient(name);
  for (const scenario of scenarios) {
    test(`${name}: ${nameOf(scenario)}`, async () => {
      await WebOpenFeature.setContext(name, /** @type {any} */ (scenario.context));
      const details = detailsOf(client, scenario);
      assert.deepEqual(told(details, scenario.expected), scenario.expected);
    });
  }
}

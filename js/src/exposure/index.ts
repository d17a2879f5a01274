export type { Keeper } from "../source/source.js";
export { PermanentError, type Send } from "./delivery.js";
export type { Exposure } from "./exposure.js";
export { createExposures, type Exposures } from "./exposures.js";
export { sendTo, type SendToOptions } from "./http.js";
export type { ExposureOptions } from "./settings.js";
export { observe, observeContext, type Answers } from "./observe.js";

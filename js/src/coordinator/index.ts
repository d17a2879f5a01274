export { createCoordinator, type Coordinator, type OrderStore, type Overview } from "./coordinator.js";
export { createReporter, type Reporter, type ReporterOptions } from "./reporter.js";

export { createEngine } from "./engine.js";
export { PointsmanError } from "./errors.js";
export type {
  Detail,
  Engine,
  EngineOptions,
  ErrorCode,
  Evaluation,
  EvaluationContext,
  Evaluations,
  FlagMetadata,
  Json,
  LoadReport,
  PreparedContext,
  Problem,
  Reason,
  RequestFacts,
  RequestLike,
  RouteDecision,
  SnapshotInput,
  Widened,
} from "./types.js";

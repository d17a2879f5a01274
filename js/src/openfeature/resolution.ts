import { ErrorCode, type ResolutionDetails } from "@openfeature/core";
import { reasonOf } from "../errors.js";
import type { Evaluation, Json, PreparedContext } from "../types.js";

/** Decides one flag for one visitor, as `PreparedContext.details`. */
export type Details = PreparedContext["details"];

/** What the SDK gets of a decision: on an error the caller's own default, and no variant. */
export function resolutionOf<T>(evaluation: Evaluation, defaultValue: T): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = evaluation;
  if (errorCode !== undefined) {
    return { ...failure(errorCode, errorMessage ?? errorCode, defaultValue), flagMetadata };
  }
  // `details` gives no other type than the default's.
  const resolution = { value: value as T, reason, flagMetadata };
  return variant === null ? resolution : { ...resolution, variant };
}

/** What the SDK gets while there is no engine. */
export function notReady<T>(error: unknown, defaultValue: T): ResolutionDetails<T> {
  return failure("PROVIDER_NOT_READY", reasonOf(error), defaultValue);
}

function failure<T>(code: keyof typeof ErrorCode, errorMessage: string, value: T): ResolutionDetails<T> {
  return { value, reason: "ERROR", errorCode: ErrorCode[code], errorMessage };
}

/** A structured flag. A default of null says nothing of the shape: an object or a list will do. */
export function structured(details: Details, flagKey: string, defaultValue: Json): Evaluation {
  if (defaultValue !== null) return details(flagKey, defaultValue);
  const asObject = details(flagKey, {});
  return asObject.errorCode === "TYPE_MISMATCH" ? details(flagKey, []) : asObject;
}

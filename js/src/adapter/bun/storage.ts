export { open } from "../shared/file.js";

export { urlOrFile as sourceOf } from "../shared/file.js";

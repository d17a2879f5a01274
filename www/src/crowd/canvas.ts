import { NONE, SIZE, type Crowd } from "./crowd.js";

/** Visitors stand in rows, each always at the same place. */
export const COLUMNS = 125;
export const ROWS = SIZE / COLUMNS;

/** The part of a cell that its point fills. */
const FILLED = 0.72;

/** Draws each visitor in the colour of their variant. */
export function draw(canvas: HTMLCanvasElement, { arms }: Crowd, colours: readonly string[]): void {
  const cell = fitted(canvas);
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const size = Math.max(1, Math.round(cell * FILLED));
  // One colour after the other: changing it costs more than a point does.
  for (const [arm, colour] of [...colours.entries(), [NONE, "transparent"] as const]) {
    pen.fillStyle = colour;
    arms.forEach((of, index) => {
      if (of === arm)
        pen.fillRect(Math.round((index % COLUMNS) * cell), Math.round(Math.floor(index / COLUMNS) * cell), size, size);
    });
  }
}

/** Sets the canvas to the pixels that it is shown with; gives the width of a cell. */
function fitted(canvas: HTMLCanvasElement): number {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== width) {
    canvas.width = width;
    canvas.height = Math.round((width * ROWS) / COLUMNS);
  }
  return width / COLUMNS;
}

/** Which visitor stands at a place, given as shares of the canvas' width and height. */
export function visitorAt(x: number, y: number): number {
  const column = Math.min(Math.max(Math.floor(x * COLUMNS), 0), COLUMNS - 1);
  return Math.min(Math.max(Math.floor(y * ROWS), 0), ROWS - 1) * COLUMNS + column;
}

declare module "asciichart" {
  /** Draws numbers as a line, as high as `height` rows. */
  export function plot(
    series: readonly number[],
    options: {
      readonly height: number;
      readonly min: number;
      readonly max: number;
      readonly format: (value: number) => string;
    },
  ): string;
}

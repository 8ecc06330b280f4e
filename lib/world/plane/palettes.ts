/** RGB as pictures store it, 0..255. */
export type Rgb = readonly [r: number, g: number, b: number];

/** The colours of a place. The ground pair has strong contrast, so that motion over it is seen at 80x48. */
export interface Palette {
  readonly name: string;
  readonly tiles: readonly [Rgb, Rgb];
  readonly accent: Rgb;
  readonly zenith: Rgb;
  readonly horizon: Rgb;
  readonly mountain: Rgb;
  readonly sun: Rgb;
}

export const PALETTES: readonly Palette[] = [
  {
    name: "stone",
    tiles: [
      [226, 222, 210],
      [84, 88, 104],
    ],
    accent: [206, 64, 58],
    zenith: [66, 128, 214],
    horizon: [196, 222, 244],
    mountain: [92, 112, 150],
    sun: [255, 250, 210],
  },
  {
    name: "meadow",
    tiles: [
      [164, 214, 92],
      [38, 112, 58],
    ],
    accent: [250, 236, 120],
    zenith: [40, 150, 220],
    horizon: [214, 240, 250],
    mountain: [66, 96, 92],
    sun: [255, 246, 180],
  },
  {
    name: "desert",
    tiles: [
      [246, 210, 140],
      [158, 90, 52],
    ],
    accent: [40, 130, 140],
    zenith: [232, 120, 70],
    horizon: [255, 226, 170],
    mountain: [136, 62, 60],
    sun: [255, 255, 220],
  },
  {
    name: "dusk",
    tiles: [
      [196, 176, 236],
      [62, 46, 112],
    ],
    accent: [70, 226, 214],
    zenith: [28, 24, 78],
    horizon: [238, 142, 168],
    mountain: [48, 34, 86],
    sun: [255, 214, 150],
  },
];

/** The saturated colours of solids. */
export const SOLID_COLOURS: readonly Rgb[] = [
  [224, 44, 44],
  [250, 150, 20],
  [252, 222, 44],
  [36, 176, 84],
  [40, 92, 224],
  [206, 56, 190],
];

/** The colours of a solid's upper part. */
export const SECOND_TONES: readonly Rgb[] = [
  [246, 246, 246],
  [38, 38, 52],
];

import { escapeMarkup } from "../media/svg.ts";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const round = (value: string | number): string | number =>
  typeof value === "number" ? Math.round(value * 100) / 100 : escapeMarkup(value);

/** An SVG element as text; attributes that are undefined are left out. */
export function el(tag: string, attributes: Attributes, content = ""): string {
  const list = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${round(value)}"`],
  );
  return `<${tag}${list.join("")}>${content}</${tag}>`;
}

/** A line of text as an SVG element. */
export function textEl(text: string, attributes: Attributes): string {
  return el("text", attributes, escapeMarkup(text));
}

export type Point = readonly [x: number, y: number];

/** Path data of connected points. */
export function pathData(points: readonly Point[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
}

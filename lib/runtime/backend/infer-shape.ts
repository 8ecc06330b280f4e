/** Shapes of the results of the operations on which a training step spends its time, so that recording can skip them. */
import { broadcast_util } from "@tensorflow/tfjs-core";
import type { Handle } from "./addon.ts";
import type { Attribute } from "./graph-def.ts";

type Rule = (shapes: number[][], attributes: Attribute[]) => number[];

const broadcast: Rule = ([a, b]) => broadcast_util.assertAndGetBroadcastShape(a, b);

/** [.., r, k] x [.., k, c]; `adj_x` and `adj_y` say whether a factor is given the other way round. */
const product: Rule = ([a, b], attributes) => {
  const turned = (name: string): boolean => attributes.some((given) => given.name === name && given.value === true);
  const [rows, columns] = [a.at(turned("adj_x") ? -1 : -2), b.at(turned("adj_y") ? -2 : -1)] as number[];
  return [...broadcast([a.slice(0, -2), b.slice(0, -2)], []), rows, columns];
};

const RULES: Record<string, Rule> = {
  Add: broadcast,
  Sub: broadcast,
  Mul: broadcast,
  RealDiv: broadcast,
  Exp: ([a]) => a,
  Square: ([a]) => a,
  BatchMatMulV2: product,
};

/** What the operation will give, or undefined where there is no rule or a shape is not known. */
export function inferShape(
  op: string,
  attributes: Attribute[],
  shapes: (number[] | undefined)[],
): Pick<Handle, "shape" | "dtype">[] | undefined {
  const dtype = attributes.find(({ name }) => name === "T")?.value;
  if (!(op in RULES) || typeof dtype !== "number" || shapes.includes(undefined)) return undefined;
  return [{ shape: RULES[op](shapes as number[][], attributes), dtype }];
}

/**
 * TensorFlow's GraphDef and SavedModel messages. Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,
 * tensor,tensor_shape}.proto and tensorflow/core/protobuf/{meta_graph,saved_model}.proto.
 */
import { float, integer, message } from "./protobuf.ts";

/** TF_AttrType of TensorFlow's C interface, as the native backend's kernels give it. */
export const ATTRIBUTE = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

export type AttributeValue = string | number | boolean | number[] | boolean[];

export interface Attribute {
  name: string;
  type: number;
  value: AttributeValue;
}

export interface ConstantValue {
  /** TF_DataType. */
  dtype: number;
  shape: number[];
  bytes: Uint8Array;
}

export const SERVING_TAG = "serve";

/** Version of the graph format: any producer since TensorFlow 2.9 is understood by every later library. */
const PRODUCER = 1087;

const shapeFields = (shape: number[]): Buffer[] => shape.map((size) => message(2, integer(1, size)));

const attribute = (name: string, value: Buffer): Buffer => message(5, message(1, name), message(2, value));

const scalarField: Record<number, (value: never) => Buffer> = {
  [ATTRIBUTE.string]: (value: string) => message(2, value),
  [ATTRIBUTE.int]: (value: number) => integer(3, value),
  [ATTRIBUTE.float]: (value: number) => float(4, value),
  [ATTRIBUTE.bool]: (value: boolean) => integer(5, Number(value)),
  [ATTRIBUTE.type]: (value: number) => integer(6, value),
};

function attributeValue({ type, value }: Attribute): Buffer {
  if (type === ATTRIBUTE.shape) return message(7, ...shapeFields(value as number[]));
  const field = scalarField[type] as (value: unknown) => Buffer;
  return Array.isArray(value) ? message(1, ...value.map(field)) : field(value);
}

/** A NodeDef inside a GraphDef. Inputs are `node` or `node:output`. */
export function operation(name: string, op: string, inputs: string[], attributes: Attribute[]): Buffer {
  const attrs = attributes.map((a) => attribute(a.name, attributeValue(a)));
  return message(1, message(1, name), message(2, op), ...inputs.map((input) => message(3, input)), ...attrs);
}

export function placeholder(name: string, dtype: number, shape: number[]): Buffer {
  return operation(
    name,
    "Placeholder",
    [],
    [
      { name: "dtype", type: ATTRIBUTE.type, value: dtype },
      { name: "shape", type: ATTRIBUTE.shape, value: shape },
    ],
  );
}

export function constant(name: string, { dtype, shape, bytes }: ConstantValue): Buffer {
  const tensor = message(8, integer(1, dtype), message(2, ...shapeFields(shape)), message(4, Buffer.from(bytes)));
  const attrs = [attribute("dtype", integer(6, dtype)), attribute("value", tensor)];
  return message(1, message(1, name), message(2, "Const"), ...attrs);
}

/** A SavedModel without variables or signatures: the graph alone, under SERVING_TAG. */
export function savedModel(nodes: readonly Buffer[]): Buffer {
  const graph = message(2, ...nodes, message(4, integer(1, PRODUCER)));
  const meta = message(1, message(4, SERVING_TAG));
  return Buffer.concat([integer(1, 1), message(2, meta, graph)]);
}

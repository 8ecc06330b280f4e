/** IEEE 754 binary16, the F16 of safetensors: eleven significant bits, half the bytes of a checkpoint. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

const LARGEST = 65504;

/** To the nearest half, ties to even. @throws RangeError where a value is not finite or too large */
export function toHalf(value: number): number {
  float[0] = value;
  if (!(Math.abs(float[0]) <= LARGEST)) throw new RangeError(`${value} cannot be stored as a 16-bit float`);
  const sign = (bits[0] >>> 16) & 0x8000;
  const exponent = ((bits[0] >>> 23) & 0xff) - 112;
  // Below the normal halves the spacing is constant, 2^-24.
  if (exponent <= 0) return sign | roundEven(Math.abs(float[0]) * 2 ** 24);
  const mantissa = bits[0] & 0x7fffff;
  return sign | roundEven(exponent * 1024 + mantissa / 8192);
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** All of them: a checkpoint has millions of values. */
let halves: Float32Array | undefined;

/** The values of 16-bit floats. */
export function fromHalves(stored: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, i) => fromHalf(i));
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = halves[stored[i]];
  return values;
}

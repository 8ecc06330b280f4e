// Loads a TensorFlow addon and multiplies with it: node multiply.cjs ADDON. Prints "cpu" or "gpu". A process of its own,
// since a library made for another processor would crash the one that asks.
const addon = require(process.argv[2]);
const factor = addon.createTensor([2, 2], addon.TF_FLOAT, Float32Array.of(1, 2, 3, 4));
const attributes = [
  { name: "transpose_a", type: addon.TF_ATTR_BOOL, value: false },
  { name: "transpose_b", type: addon.TF_ATTR_BOOL, value: false },
  { name: "T", type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT },
];
const [product] = addon.executeOp("MatMul", attributes, [factor, factor], 1);
const values = addon.tensorDataSync(product.id).join(" ");
if (values !== "7 10 15 22") throw new Error(`the square of [1 2; 3 4] is ${values}`);
console.log(addon.isUsingGpuDevice() ? "gpu" : "cpu");

/** Test files run side by side, one on each of two cores; with one thread each TensorFlow does not get in its own way. */
process.env.TF_NUM_INTRAOP_THREADS ??= "1";

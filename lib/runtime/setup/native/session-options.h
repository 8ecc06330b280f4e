/*
 * Compiled graphs give one result however often they are loaded: TensorFlow's graph rewriter ("Grappler") is off. It goes
 * through tables whose order depends on where they happen to lie in memory, so that each load of one and the same training
 * step summed some gradients in another order. Included before the addon's unmodified sources.
 */
#include <stdlib.h>

#include "tensorflow/c/c_api.h"

/* ConfigProto { graph_options { rewrite_options { disable_meta_optimizer: true } } } */
static const unsigned char kConfig[] = {0x52, 0x05, 0x52, 0x03, 0x98, 0x01, 0x01};

static TF_SessionOptions *steadySessionOptions() {
  TF_SessionOptions *options = TF_NewSessionOptions();
  TF_Status *status = TF_NewStatus();
  TF_SetConfig(options, kConfig, sizeof(kConfig), status);
  /* These very bytes are known to be a configuration; without it results would differ in silence. */
  if (TF_GetCode(status) != TF_OK) abort();
  TF_DeleteStatus(status);
  return options;
}

#define TF_NewSessionOptions steadySessionOptions

// Closes and reopens the process's stderr. TensorFlow's static initialisers log before any log level is read, which
// would put a red box into the first cell of every notebook; lib/runtime/backend closes the gate while the library loads.
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

static int saved = -1;

static napi_value close_gate(napi_env env, napi_callback_info info) {
  int nowhere = open("/dev/null", O_WRONLY);
  if (saved < 0 && nowhere >= 0) {
    saved = dup(STDERR_FILENO);
    dup2(nowhere, STDERR_FILENO);
  }
  if (nowhere >= 0) close(nowhere);
  return NULL;
}

static napi_value open_gate(napi_env env, napi_callback_info info) {
  if (saved >= 0) {
    dup2(saved, STDERR_FILENO);
    close(saved);
    saved = -1;
  }
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor methods[] = {
      {"close", NULL, close_gate, NULL, NULL, NULL, napi_default, NULL},
      {"open", NULL, open_gate, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, 2, methods);
  return exports;
}

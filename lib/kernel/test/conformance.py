"""jupyter_kernel_test's suite for the kernel. Messages are validated against the protocol's schema."""

import unittest

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "typebook"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = ""
    completion_samples = [
        {"text": "consol", "matches": {"console"}},
        {"text": "Math.flo", "matches": {"floor"}},
    ]
    complete_code_samples = ["1", "const x = 1;", "for (const x of [1]) {\n  x;\n}"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "/* comment", "`template"]
    invalid_code_samples = ["const = 3", "1 2", ")"]
    code_generate_error = "throw new Error('expected')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Promise.resolve('typed')", "result": "'typed'"},
    ]
    code_display_data = [
        {"code": "Jupyter.display({'image/png': 'iVBORw0KGgo='})", "mime": "image/png"},
        {"code": "Jupyter.display({'text/html': '<b>x</b>'})", "mime": "text/html"},
    ]
    code_inspect_sample = "parseInt"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7"
    code_clear_output = "Jupyter.clearOutput()"


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "typebook"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()

/** Remembers the last answer while the inputs are the same objects: what is derived keeps its identity, too. */
export function memo<I extends readonly unknown[], O>(derive: (...inputs: I) => O): (...inputs: I) => O {
  let last: { readonly inputs: I; readonly output: O } | undefined;
  return (...inputs) => {
    if (last?.inputs.every((input, index) => Object.is(input, inputs[index]))) return last.output;
    last = { inputs, output: derive(...inputs) };
    return last.output;
  };
}

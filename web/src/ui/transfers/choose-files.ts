/** Lets the person choose files, where they just clicked. Nothing happens where they think better of it. */
export function chooseFiles(then: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.addEventListener('change', () => then([...(input.files ?? [])]));
  input.click();
}

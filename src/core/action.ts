/** What somebody does who says "/me waves": "waves". Nothing where a message is words. */
export function actionIn(text: string): string | undefined {
  return /^\/me\s+(\S[\s\S]*)$/.exec(text)?.[1]?.trimEnd();
}

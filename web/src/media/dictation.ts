/** As much of a browser's SpeechRecognition as is used, under whatever name it has it. */
export interface Recognizer {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: RecognizedSpeech) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
}

export interface RecognizedSpeech {
  readonly resultIndex: number;
  readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }>;
}

interface DictationOptions {
  readonly recognizer: Recognizer;
  readonly heard: (text: string) => void;
  /** The browser cannot, or may not. It is over. */
  readonly failed: () => void;
}

/** What browsers say where nobody speaks: they listen on. */
const HARMLESS: readonly string[] = ['no-speech', 'aborted'];
/** Where the browser ends at once, again and again, it cannot. */
const MAX_IDLE_ENDS = 5;

/** Writes down what is said at this microphone, as long as it is open. */
export class Dictation {
  readonly #options: DictationOptions;
  #idleEnds = 0;
  #isClosed = false;

  /** Begins at once. */
  constructor(options: DictationOptions) {
    const { recognizer } = options;
    this.#options = options;
    recognizer.continuous = true;
    recognizer.interimResults = false;
    recognizer.onresult = (event) => this.#heard(event);
    recognizer.onerror = ({ error }) => {
      if (!HARMLESS.includes(error)) this.#fail();
    };
    // Browsers stop by themselves after a pause.
    recognizer.onend = () => this.#again();
    recognizer.start();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { recognizer } = this.#options;
    recognizer.onresult = null;
    recognizer.onerror = null;
    recognizer.onend = null;
    recognizer.abort();
  }

  #heard({ resultIndex, results }: RecognizedSpeech): void {
    this.#idleEnds = 0;
    for (let index = resultIndex; index < results.length; index++) {
      const result = results[index];
      const text = result?.isFinal ? (result[0]?.transcript.trim() ?? '') : '';
      if (text !== '') this.#options.heard(text);
    }
  }

  #again(): void {
    if (++this.#idleEnds > MAX_IDLE_ENDS) this.#fail();
    else if (!this.#isClosed) this.#options.recognizer.start();
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.failed();
  }
}

/** Nothing where this browser has none. */
export function createRecognizer(): Recognizer | undefined {
  const page = window as { SpeechRecognition?: new () => Recognizer; webkitSpeechRecognition?: new () => Recognizer };
  const Recognition = page.SpeechRecognition ?? page.webkitSpeechRecognition;
  if (!Recognition) return undefined;
  const recognizer = new Recognition();
  recognizer.lang = navigator.language;
  return recognizer;
}

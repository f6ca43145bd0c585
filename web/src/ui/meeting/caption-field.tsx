import { Mic, MicOff } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { createRecognizer, Dictation } from '../../media/dictation.ts';
import { IconButton } from '../controls/button.tsx';
import { useSession } from '../session-context.ts';
import css from './caption-field.module.css';

const MAX_CAPTION = 500;

/** For who writes down what is said, by hand or by the browser's own hearing. */
export function CaptionField() {
  const { server } = useSession();
  const [text, setText] = useState('');
  const say = (caption: string) => void server.tell({ type: 'caption', text: caption.slice(0, MAX_CAPTION) });
  const speech = useDictation(say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    say(text.trim());
    setText('');
  };
  return (
    <form className={css.field} onSubmit={submit}>
      <input
        aria-label={t('captions.field')}
        placeholder={t('captions.placeholder')}
        value={text}
        maxLength={MAX_CAPTION}
        autoComplete="off"
        enterKeyHint="send"
        onChange={(event) => setText(event.target.value)}
      />
      {speech.isKnown && (
        <IconButton
          label={t(speech.state === 'on' ? 'captions.speak-stop' : 'captions.speak')}
          icon={speech.state === 'on' ? <MicOff size={18} /> : <Mic size={18} />}
          onPress={speech.press}
        />
      )}
      <p role="status" className={css.hint}>
        {speech.state === 'asked' && t('captions.speak-hint')}
        {speech.state === 'on' && t('captions.listening')}
      </p>
    </form>
  );
}

/** Nothing is listened to before somebody read where it may go, and pressed again. */
function useDictation(heard: (text: string) => void) {
  const { toasts } = useSession();
  const [state, setState] = useState<'off' | 'asked' | 'on'>('off');
  const dictation = useRef<Dictation | undefined>(undefined);
  const [isKnown] = useState(() => createRecognizer() !== undefined);
  useEffect(() => () => dictation.current?.close(), []);
  const begin = () => {
    const recognizer = createRecognizer();
    if (!recognizer) return;
    setState('on');
    const failed = () => {
      setState('off');
      toasts.show(t('captions.speak-failed'), 'bad');
    };
    dictation.current = new Dictation({ recognizer, heard, failed });
  };
  const press = () => {
    if (state === 'off') setState('asked');
    else if (state === 'asked') begin();
    else {
      dictation.current?.close();
      setState('off');
    }
  };
  return { state, isKnown, press };
}

import { nameKey } from '../../../src/core/name.ts';
import css from './avatar.module.css';

const HUES = 8;

/** The same name has the same colour, here and everywhere. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const letter of nameKey(name)) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % HUES;
}

/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const [first, second] = words.length > 0 ? words : [name];
  const letters = [first, second].map((word) => [...(word ?? '')].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '');
  return letters.join('').toUpperCase() || '?';
}

interface AvatarProps {
  readonly name: string;
  readonly size?: 'small' | 'medium' | 'large';
  /** Of the dot; absent: none. */
  readonly status?: string | undefined;
}

/** Decoration: the name stands beside it. */
export function Avatar({ name, size = 'medium', status }: AvatarProps) {
  return (
    <span className={css.avatar} data-size={size} data-hue={hueOf(name)} aria-hidden="true">
      {initialsOf(name)}
      {status !== undefined && <span className={css.dot} data-status={toneOf(status)} />}
    </span>
  );
}

function toneOf(status: string): 'here' | 'away' | 'busy' {
  if (status === 'online' || status === '' || status === 'chatty') return 'here';
  return status === 'busy' || status === 'call' ? 'busy' : 'away';
}

import { Camera, type CameraFlags, has } from '../../core/camera.ts';
import { type Refusal, refusalText } from '../../core/errors.ts';
import type { Rule } from '../../core/permission.ts';
import type { Frame } from '../dialect.ts';
import { escapeHtml, renderMarkdown } from './markup.ts';
import { ACTIONS, type BareFrame, CHAT_SERVER } from './wire.ts';

export function frameOf(frame: BareFrame): Frame {
  return { text: JSON.stringify(frame) };
}

export type Words = { readonly text: string } | { readonly html: string } | { readonly markdown: string };

/** The server speaks. Without a channel, clients show it in the one that is open. */
export function errorFrame(words: Words, options: { readonly channel?: string } = {}): Frame {
  return frameOf({
    action: ACTIONS.error,
    username: CHAT_SERVER,
    message: htmlOf(words),
    ...(options.channel === undefined ? {} : { channel: options.channel }),
  });
}

function htmlOf(words: Words): string {
  if ('html' in words) return words.html;
  return 'text' in words ? escapeHtml(words.text) : renderMarkdown(words.markdown);
}

/** The five rules by the names that clients know (`spec/barertc.md` 1.9.2); all of them, always. */
export function jwtRules(rules: ReadonlySet<Rule>): Readonly<Record<string, boolean>> {
  return {
    IsNoVideoRule: rules.has('no-video'),
    IsNoImageRule: rules.has('no-image'),
    IsNoBroadcastRule: rules.has('no-broadcast'),
    IsRedCamRule: rules.has('camera-explicit'),
    IsNoDarkVideoRule: rules.has('no-dark-video'),
  };
}

export function refusalFrame(refusal: Refusal): Frame {
  return errorFrame({ text: refusalText(refusal) });
}

/** The camera in the words of all generations (`spec/barertc.md` 1.11, rule 1). */
export function cameraFields(
  camera: CameraFlags,
): Required<Pick<BareFrame, 'video' | 'videoActive' | 'nsfw'>> & BareBooleans {
  return {
    video: camera,
    videoActive: has(camera, Camera.on),
    nsfw: has(camera, Camera.explicit),
    videoMutual: has(camera, Camera.mutualRequired),
    videoMutualOpen: has(camera, Camera.mutualOpen),
  };
}

type BareBooleans = Required<Pick<BareFrame, 'videoMutual' | 'videoMutualOpen'>>;

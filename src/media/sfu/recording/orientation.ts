import type { Rotation } from '../../../recordings/container.ts';
import { u8 } from '../rtp/bytes.ts';
import { findExtension, foundAt } from '../rtp/header-extensions.ts';
import type { IncomingPacket } from '../rtp/rewriter.ts';

const ROTATIONS: readonly Rotation[] = [0, 90, 180, 270];

/** How a phone is held, which says it with its pictures rather than turn them (3GPP TS 26.114 7.4.5). */
export function rotationOf({ packet, header }: IncomingPacket, id: number | undefined): Rotation | undefined {
  const found = id === undefined ? -1 : findExtension(packet, header, id);
  return found < 0 ? undefined : ROTATIONS[u8(packet, foundAt(found)) & 3];
}

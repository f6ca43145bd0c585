import { describe, expect, test } from 'vitest';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { createInvitation, redeem } from './invitations.ts';
import { hashSecret } from './secrets.ts';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 60 * 60 * 1000;

describe('an invitation', () => {
  test('admits one person, within a week', async () => {
    const storage = openMemoryStorage();
    const { token } = await createInvitation(storage, { role: 'operator', by: 'Ann', now: NOW });
    expect(await redeem(storage, token, NOW + 7 * DAY - 1)).toMatchObject({ role: 'operator', createdBy: 'Ann' });
    expect(await redeem(storage, token, NOW)).toBeUndefined();
  });

  test('expires', async () => {
    const storage = openMemoryStorage();
    const { token } = await createInvitation(storage, { role: 'guest', by: 'Ann', now: NOW });
    expect(await redeem(storage, token, NOW + 7 * DAY)).toBeUndefined();
    const { token: long } = await createInvitation(storage, { role: 'guest', by: 'Ann', now: NOW, days: 30 });
    expect(await redeem(storage, long, NOW + 29 * DAY)).toBeDefined();
  });

  test('admits as many as it says', async () => {
    const storage = openMemoryStorage();
    const { token } = await createInvitation(storage, { role: 'guest', by: 'Ann', now: NOW, uses: 2 });
    const redeemed = await Promise.all([1, 2, 3].map(() => redeem(storage, token, NOW)));
    expect(redeemed.filter((invitation) => invitation !== undefined)).toHaveLength(2);
  });

  test('is stored as a hash', async () => {
    const stored: unknown[] = [];
    const { token } = await createInvitation(
      { putInvitation: async (invitation) => void stored.push(invitation) },
      { role: 'guest', by: 'Ann', now: NOW },
    );
    expect(JSON.stringify(stored)).toContain(hashSecret(token));
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  test('that was never made admits nobody', async () => {
    const storage = openMemoryStorage();
    expect(await redeem(storage, 'never made', NOW)).toBeUndefined();
    expect(await redeem(storage, 'x'.repeat(100_000), NOW)).toBeUndefined();
  });
});

import ipaddr from 'ipaddr.js';

/** Whether an address leads to us from anywhere in the world: not from this machine or network alone. */
export function isPublic(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  return ipaddr.isValid(plain) && ipaddr.process(plain).range() === 'unicast';
}

/** What the room must know of network addresses. Injected, as it takes a parser. */
export interface AddressRanges {
  /** An address, or a range in CIDR notation, in its canonical form; nothing where the text is neither. */
  parse(text: string): string | undefined;
  includes(range: string, address: string): boolean;
  /**
   * What is one household's as far as one can tell: the address, or its /64 for IPv6. Nothing for addresses that say
   * nothing about who comes from them: loopback, private networks.
   */
  around(address: string): string | undefined;
  /** The same for limits: always something, whatever the address. */
  household(address: string): string;
}

/** Knows no addresses: nobody is banned by theirs. */
export const NO_ADDRESSES: AddressRanges = {
  parse: () => undefined,
  includes: () => false,
  around: () => undefined,
  household: (address) => address,
};

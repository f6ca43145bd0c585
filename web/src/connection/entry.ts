/** What somebody says at the door. */
export interface Entry {
  readonly name: string;
  /** Of the account that has the name. */
  readonly password?: string;
  /** Of the room; empty where it asks for none. */
  readonly roomPassword: string;
}

/** What is known of somebody before they say it, or of what they said. No password of an account, which is not kept. */
export interface KnownEntry extends Omit<Entry, 'password'> {
  readonly hasAccount: boolean;
}

/** Why somebody is not inside. */
export interface DoorRefusal {
  /** As the server's refusal. */
  readonly code: string;
  readonly message: string;
}

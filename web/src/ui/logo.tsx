/** A doorway that is a speech bubble. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8.5" fill="#b8452a" />
      <path d="M7 26.2V15a9 9 0 0 1 18 0v3.2a4 4 0 0 1-4 4h-8.6L7 26.2Z" fill="#fff6ee" />
      <path d="M12.4 22.2v-7.1a3.6 3.6 0 0 1 7.2 0v7.1" fill="#e9a25f" />
      <circle cx="17.4" cy="17.6" r="1" fill="#b8452a" />
    </svg>
  );
}

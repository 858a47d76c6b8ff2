import './logo.css';

/** The mark and the name. Two people and the line between them. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="#0b7763" />
        <path d="M10 16h12" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
        <circle cx="9.5" cy="16" r="4.5" fill="#fff" />
        <circle cx="22.5" cy="16" r="4.5" fill="#fff" />
        <circle cx="22.5" cy="16" r="1.9" fill="#0b7763" />
      </svg>
      Peerline
    </span>
  );
}

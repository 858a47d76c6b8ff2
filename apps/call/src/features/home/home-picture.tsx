/** Decoration: two people on two screens, and what they say travelling straight between them. */
export function HomePicture() {
  return (
    <svg className="home-picture" viewBox="0 0 480 400" aria-hidden="true">
      <defs>
        <linearGradient id="warm" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#f7c98b" />
          <stop offset="1" stopColor="#e58a6a" />
        </linearGradient>
        <linearGradient id="cool" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#7fe0c6" />
          <stop offset="1" stopColor="#1d8f79" />
        </linearGradient>
        <clipPath id="left">
          <rect x="12" y="20" width="276" height="186" rx="24" />
        </clipPath>
        <clipPath id="right">
          <rect x="192" y="194" width="276" height="186" rx="24" />
        </clipPath>
      </defs>
      <g clipPath="url(#left)">
        <rect x="12" y="20" width="276" height="186" fill="url(#warm)" />
        <circle cx="140" cy="104" r="38" fill="#fff3e2" />
        <path d="M62 232c0-52 36-80 78-80s78 28 78 80z" fill="#fff3e2" />
      </g>
      <g clipPath="url(#right)">
        <rect x="192" y="194" width="276" height="186" fill="url(#cool)" />
        <circle cx="340" cy="280" r="38" fill="#eafff8" />
        <path d="M262 408c0-52 36-80 78-80s78 28 78 80z" fill="#eafff8" />
      </g>
      <rect
        x="192"
        y="194"
        width="276"
        height="186"
        rx="24"
        fill="none"
        stroke="var(--paper)"
        strokeWidth="8"
      />
      <path
        d="M214 74C330 58 396 116 392 168"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="1 10"
      />
      <circle className="packet line-a" r="6" fill="var(--accent)" />
      <path
        d="M84 232c-8 62 26 96 84 92"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="1 10"
      />
      <circle className="packet line-b" r="6" fill="var(--accent)" />
    </svg>
  );
}

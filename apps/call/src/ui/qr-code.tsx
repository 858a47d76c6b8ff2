import { useMemo } from 'react';
import { encode } from 'uqr';
import './qr-code.css';

/** Modules of quiet zone that readers need around a code (ISO/IEC 18004). */
const BORDER = 2;

/** A QR code, always dark on white: many cameras read no other. */
export function QrCode(props: { readonly text: string; readonly label: string }) {
  const { text } = props;
  const { size, path } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: BORDER });
    let d = '';
    code.data.forEach((row, y) => {
      row.forEach((dark, x) => {
        if (dark) d += `M${x} ${y}h1v1h-1z`;
      });
    });
    return { size: code.size, path: d };
  }, [text]);
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#10201b" />
    </svg>
  );
}

import './avatar.css';

/** Initials on a colour, in place of a picture. Decoration: the name stands beside it. */
export function Avatar(props: { readonly initials: string; readonly hue: number }) {
  return (
    <span className="avatar" data-hue={props.hue} aria-hidden="true">
      {props.initials}
    </span>
  );
}

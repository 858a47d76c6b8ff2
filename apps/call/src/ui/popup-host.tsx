import { createContext, useContext, type ReactNode, type RefObject } from 'react';

type Host = RefObject<HTMLElement | null>;

const PopupHostContext = createContext<Host | undefined>(undefined);

/** Menus and hints of what is inside go into this element, so that they stay within its landmark. */
export function PopupHost(props: { readonly host: Host; readonly children: ReactNode }) {
  return <PopupHostContext value={props.host}>{props.children}</PopupHostContext>;
}

/** Where a popup belongs; the end of the page where nobody says. */
export function usePopupHost(): Host | undefined {
  return useContext(PopupHostContext);
}

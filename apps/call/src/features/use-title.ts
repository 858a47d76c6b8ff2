import { useEffect } from 'react';

export const APP_NAME = 'Peerline';

/** Names the browser's tab while the component is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? APP_NAME : `${title} · ${APP_NAME}`;
    return () => {
      document.title = APP_NAME;
    };
  }, [title]);
}

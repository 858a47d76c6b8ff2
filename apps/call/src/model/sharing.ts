import { formatRoomLink, type RoomLink } from 'peerline';

/** The link as others need it: the page's own address without what stands behind it. */
export function shareableLink(link: RoomLink, pageUrl: string): string {
  const url = new URL(pageUrl);
  return formatRoomLink(link, `${url.origin}${url.pathname}`);
}

/** @returns whether it stands on the clipboard; insecure pages and refusals have none */
export async function copyText(text: string): Promise<boolean> {
  // Absent outside secure contexts, whatever the type says.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard === undefined) return false;
  try {
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Opens the system's share sheet. Closing it is no failure. */
export async function shareText(title: string, url: string): Promise<void> {
  try {
    await navigator.share({ title, url });
  } catch {
    // Closed, or nothing to share with; the link and its copy button stay where they are.
  }
}

/** Keeps the page's connections by the browser, whatever the library on top makes of them. */

declare global {
  interface Window {
    connections: RTCPeerConnection[];
  }
}

window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    window.connections.push(this);
  }
};

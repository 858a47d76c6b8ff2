type Method = (this: SubtleCrypto, ...args: unknown[]) => Promise<unknown>;

/** WebCrypto works on threads of its own: nothing that the event loop of a test can count tells when it is done. */
const prototype = Object.getPrototypeOf(crypto.subtle) as Record<string, Method>;
let pending = 0;

for (const name of Object.getOwnPropertyNames(prototype)) {
  const method = prototype[name];
  if (name !== 'constructor' && method !== undefined) prototype[name] = counted(method);
}

/** Whether WebCrypto still owes an answer to someone in this process. */
export function isCryptoPending(): boolean {
  return pending > 0;
}

function counted(method: Method): Method {
  return async function (...args) {
    pending += 1;
    try {
      return await method.apply(this, args);
    } finally {
      pending -= 1;
    }
  };
}

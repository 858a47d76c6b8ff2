/** What a page says of itself to the one who drives it begins so. */
export const VIOLATION = 'content security policy violated:';

/** Has the page tell of whatever its policy stops. What is told in a console outlives the page. */
export function tellViolations(): void {
  // An own console.error of the page would be another way to tell than the one that is listened to.
  const { error } = console;
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event;
    error(VIOLATION, effectiveDirective, blockedURI, `${sourceFile ?? ''}:${lineNumber}`, sample);
  });
}

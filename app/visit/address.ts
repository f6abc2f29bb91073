/** the browser's address bar */
export interface Address {
  read: () => string;
  /** as a step of its own, or over the present one */
  write: (hash: string, step: boolean) => void;
  /** whether the present step was made by this page */
  own: () => boolean;
  /** the whole address, as others get it */
  absolute: (hash: string) => string;
}

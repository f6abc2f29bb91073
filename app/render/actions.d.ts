type Inputs = Record<string, string>;

/** What a block may do to the page. */
export interface Actions {
  apply: (inputs: Inputs | ((now: Inputs) => Inputs), settled?: boolean) => void;
}

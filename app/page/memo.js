import { Component, h } from 'preact';

/**
 * A component that is drawn again only when one of its properties is another object.
 * @template P
 * @param {(props: P) => any} view
 * @returns {import('preact').ComponentClass<P>}
 */
export function memo(view) {
  return class extends Component {
    /** @param {any} next */
    shouldComponentUpdate(next) {
      const now = /** @type {any} */ (this.props);
      return Object.keys({ ...now, ...next }).some((key) => now[key] !== next[key]);
    }
    /** @param {any} props */
    render(props) {
      return h(/** @type {any} */ (view), props);
    }
  };
}

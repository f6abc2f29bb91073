import { Component, type ComponentClass, h } from 'preact';

/** A component that is drawn again only when one of its properties is another object. */
export function memo<P extends object>(view: (props: P) => any): ComponentClass<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: any) {
      const now = this.props as any;
      return Object.keys({ ...now, ...next }).some((key) => now[key] !== next[key]);
    }
    override render(props: any) {
      return h(view as any, props);
    }
  };
}

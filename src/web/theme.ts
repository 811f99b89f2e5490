/** Mantine's theme: sizes and habits. Colours are variables of style/tokens.css, see style/mantine.css. */
import { createTheme, type MantineColorSchemeManager } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 8, dark: 5 },
  autoContrast: false,
  respectReducedMotion: true,
  defaultRadius: "sm",
  fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
  focusRing: "auto",
  cursorType: "pointer",
  // Filled buttons take the ink that stands on the accent: white by day, dark by night.
  variantColorResolver: ({ variant, color }) => {
    const name = color === "red" ? "red" : "teal";
    if (variant === "filled")
      return {
        background: `var(--mantine-color-${name}-filled)`,
        hover: `var(--mantine-color-${name}-filled-hover)`,
        color: name === "red" ? "var(--paper)" : "var(--accent-ink)",
        border: "1px solid transparent",
      };
    if (variant === "subtle" || variant === "transparent")
      return { background: "transparent", hover: "var(--hover)", color: name === "red" ? "var(--late)" : "var(--ink-2)", border: "1px solid transparent" };
    if (variant === "light")
      return {
        background: `var(--mantine-color-${name}-light)`,
        hover: `var(--mantine-color-${name}-light)`,
        color: `var(--mantine-color-${name}-light-color)`,
        border: "1px solid transparent",
      };
    return { background: "var(--paper)", hover: "var(--hover)", color: name === "red" ? "var(--late)" : "var(--ink)", border: "1px solid var(--line)" };
  },
  components: {
    Button: { defaultProps: { size: "xs", variant: "default", fw: 500 } },
    ActionIcon: { defaultProps: { size: 28, variant: "subtle" } },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs", autosize: false } },
    NumberInput: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs", comboboxProps: { shadow: "sm", transitionProps: { duration: 0 } } } },
    Autocomplete: { defaultProps: { size: "xs", comboboxProps: { shadow: "sm", transitionProps: { duration: 0 } } } },
    MultiSelect: { defaultProps: { size: "xs", comboboxProps: { shadow: "sm", transitionProps: { duration: 0 } } } },
    TagsInput: { defaultProps: { size: "xs", comboboxProps: { shadow: "sm", transitionProps: { duration: 0 } } } },
    // The mark at a field that opens says nothing: the field does.
    ComboboxChevron: { defaultProps: { "aria-hidden": true } },
    Checkbox: { defaultProps: { size: "xs", radius: 4 } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    // The page itself never scrolls, and locking it would need a style element.
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: false,
        yOffset: "12vh",
        overlayProps: { backgroundOpacity: 0.35 },
        transitionProps: { duration: 100 },
        radius: 8,
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Drawer: {
      defaultProps: {
        lockScroll: false,
        position: "right",
        overlayProps: { backgroundOpacity: 0.25 },
        transitionProps: { duration: 120 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: "sm", position: "bottom-end", transitionProps: { duration: 0 }, offset: 4 } },
    Popover: { defaultProps: { shadow: "sm", transitionProps: { duration: 0 }, offset: 6 } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 0 }, withArrow: false } },
  },
});

const KEY = "baton-theme";
export type ColorScheme = "light" | "dark" | "auto";

/** What public/theme.js read before the first paint, read and kept the same way. */
export const colorSchemes: MantineColorSchemeManager = {
  get: (fallback) => {
    try {
      const chosen = localStorage.getItem(KEY);
      return chosen === "light" || chosen === "dark" ? chosen : "auto";
    } catch {
      return fallback;
    }
  },
  set: (value) => {
    try {
      localStorage.setItem(KEY, value);
    } catch {
      // Where storage is forbidden the choice lasts as long as the page.
    }
  },
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  },
};

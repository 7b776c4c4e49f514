import "@fontsource-variable/inter";
import "./shared/theme/tokens.css";
import "./shared/theme/base.css";
import "./shared/theme/controls.css";
import "./shared/theme/status.css";
import "./shared/theme/glance.css";
import "./shared/theme/print.css";
import "./shared/theme.state.svelte";
import { mount } from "svelte";
import { openHost } from "./host";
import App from "./views/App.svelte";

const target = document.getElementById("app");
if (target) void openHost().then(() => mount(App, { target }));

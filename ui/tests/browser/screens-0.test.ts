import { everyOther } from "./screens";

everyOther(0);

import { everyOther } from "./screens";

everyOther(1);

import { everyOther } from "./axe";

everyOther(1);
